"""From a proposal to the decision about it: draft, check on site, appraise, decide, put in force."""
