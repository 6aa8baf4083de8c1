/* What a desk runs beyond that: keys and live updates. */

import "./public.js";
import "./keys.js";
import "./live.js";
