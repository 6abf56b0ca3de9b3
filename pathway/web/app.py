"""Builds the web application from its services."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.staticfiles import StaticFiles

from pathway.web import faults, middleware
from pathway.web.routes import ROUTES
from pathway.web.services import Services
from pathway.web.throttle import Throttle
from pathway.web.visit import gate


def create_app(services: Services) -> FastAPI:
    """The pages over these services; one app a process."""
    app = FastAPI(
        title="Pathway",
        openapi_url=None,
        dependencies=[Depends(gate)],
        middleware=[
            Middleware(middleware.SecurityHeaders),
            Middleware(middleware.SameOrigin),
            Middleware(RequestBodyLimitMiddleware, max_body_size=middleware.LARGEST_BODY),
        ],
    )
    app.state.services = services
    app.state.throttle = Throttle()
    app.state.routes = {(route.method, route.path): route for route in ROUTES}
    faults.install(app)
    for route in ROUTES:
        app.add_api_route(route.path, route.handler, methods=[route.method], response_model=None)
    app.mount("/static", StaticFiles(packages=[("pathway.web", "static")]), name="static")
    return app
