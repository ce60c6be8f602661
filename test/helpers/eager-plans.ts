/** Plans are made and followed from the first flush on; otherwise most tests are over before there is one. */
import { planning } from "#engine";

planning.leastPatience = 0;
planning.patience = 0;
