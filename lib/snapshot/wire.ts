/**
 * What server and client agree on, beside the documents themselves: where these are in a page.
 */

/** Id of the element with the first document. */
export const SCRIPT_ID = "signal-kernel-snapshot";
/** Attribute of the elements with later documents; its value lists the slots that come with them. */
export const LATER_ATTRIBUTE = "data-sk-state";
/** Begins the id of what stands where a slot will be. */
export const SLOT_ID = "sk-slot-";
/** Begins the id of the template with what the slot shows. */
export const CONTENT_ID = "sk-content-";
/** Attribute of such a template: the id, in the snapshot, of the cell that it shows. */
export const CELL_ATTRIBUTE = "data-sk-cell";
/** The function of a page that puts slots where they belong. */
export const SWAP = "$sk";
