// The pages work without scripts; these are the design system's own improvements.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();
