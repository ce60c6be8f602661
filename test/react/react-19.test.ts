// @vitest-environment happy-dom
import { describeActivity } from "./suite-activity.js";
import { describeCells } from "./suite-cells.js";
import { describeSnapshots } from "./suite-snapshot.js";
import { describeValues } from "./suite-values.js";

describeValues("19");
describeCells("19");
describeSnapshots("19");
describeActivity("19");
