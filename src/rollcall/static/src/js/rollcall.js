// The page shell's scripts: GOV.UK Frontend's components, live parts, parts swapped in place. All work without.

import { askWhileTyping } from "./asking.js";
import { fillParts } from "./filling.js";
import { initAll } from "./govuk-frontend.min.js";
import { watchLiveParts } from "./live.js";
import { swapInPlace } from "./swap.js";

initAll();
watchLiveParts(document);
swapInPlace(document);
askWhileTyping(document);
fillParts(document);
