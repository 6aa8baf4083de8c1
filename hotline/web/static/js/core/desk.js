/* What a desk runs beyond that: steady hands, keys, the way back, live updates, and the alarm. */

import "./public.js";
import "./signed_in_again.js";
import "./steady.js";
import "./digits.js";
import "./keys.js";
import "./undo.js";
import "./live.js";
import "./alarm.js";
