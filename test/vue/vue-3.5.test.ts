// @vitest-environment happy-dom
import { describeCells } from "./suite-cells.js";
import { describeServer } from "./suite-server.js";
import { describeSnapshots } from "./suite-snapshot.js";
import { describeValues } from "./suite-values.js";

describeValues("3.5");
describeCells("3.5");
describeServer("3.5");
describeSnapshots("3.5");
