/** What befalls the stores of simulated repositories, and how often: shares of all calls. */
export const storeFaults = {
  slow: 0.5,
  unavailable: 0.03,
  'lost-response': 0.03,
  duplicate: 0.03,
  truncated: 0.02,
  corrupted: 0.02,
} as const
