/* What a desk runs beyond that: steady hands, keys, the way back, live updates, the alarm and the telephone. */

import "./public.js";
import "./signed_in_again.js";
import "./steady.js";
import "./digits.js";
import "./keys.js";
import "./undo.js";
import "./live.js";
import "./alarm.js";
import "./ring.js";
import "./presence.js";
import "./looks.js";
import "../intake/lines.js";
