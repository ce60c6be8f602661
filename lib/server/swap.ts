import { CONTENT_ID, SLOT_ID, SWAP } from "../snapshot/wire.js";

/**
 * The script of a page that is sent out of order. It defines `$sk(...numbers)`, which puts the content
 * of slots in the place of what they have shown, from the template at their beginning to the comment at
 * their end. What is not there any more is left as it is: somebody has drawn something else.
 */
export const swapScript = [
  `self.${SWAP}=function(){for(var i of arguments){`,
  `var d=document,c=d.getElementById("${CONTENT_ID}"+i),s=d.getElementById("${SLOT_ID}"+i);`,
  `if(s&&c){for(var n=s.nextSibling;n&&!(n.nodeType==8&&n.data=="/${SLOT_ID}"+i);n=s.nextSibling)n.remove();`,
  "n&&n.remove();s.replaceWith(c.content)}",
  "c&&c.remove()}}",
].join("");
