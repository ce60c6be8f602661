// @vitest-environment happy-dom
import { describeComposables } from "./suite.js";

describeComposables("3.5");
