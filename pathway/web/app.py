"""Builds the web application from its services."""

from __future__ import annotations

import logging
from copy import copy

from fastapi import Depends, FastAPI
from starlette.convertors import register_url_convertor
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from pathway.web import convertors, faults, forms, middleware
from pathway.web.gate import gate
from pathway.web.routes import ROUTES
from pathway.web.services import Services
from pathway.web.throttle import Throttle
from storage.outages import Outage

SHORT = 1000  # bytes that are not worth compressing


def create_app(services: Services) -> FastAPI:
    """The pages over these services; one app a process."""
    app = FastAPI(
        title="Pathway",
        openapi_url=None,
        dependencies=[Depends(forms.keep), Depends(gate)],
        redirect_slashes=False,  # it would lead to whatever Host the request names
        middleware=[
            Middleware(middleware.HeadAsGet),
            Middleware(middleware.WithoutNul),
            Middleware(GZipMiddleware, minimum_size=SHORT),
            Middleware(middleware.SecurityHeaders),
            Middleware(middleware.SameOrigin),
        ],
    )
    faults.install(app)
    register_url_convertor("int", convertors.Number())
    for route in ROUTES:
        app.add_api_route(route.path, route.handler, methods=[route.method], response_model=None)
    app.mount("/static", StaticFiles(packages=[("pathway.web", "static")]), name="static")
    return with_services(app, services)


def with_services(app: FastAPI, services: Services) -> FastAPI:
    """The same pages over these services; the routes, which take long to build, are shared, nothing else is."""
    served = copy(app)
    routes = {(route.method, route.path): route for route in ROUTES}
    outage = Outage(logging.getLogger("pathway.web"), "The pages")
    served.state = State({"services": services, "outage": outage, "throttle": Throttle(), "routes": routes})
    return served
