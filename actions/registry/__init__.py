"""ClinicalTrials.gov: fetching, keeping, choosing and wording studies."""
