/** What the solver is made of, without the check, the formats and the pictures. */
export const solverAreas = [
  'coordinates',
  ...['errors.ts', 'model', 'plan', 'problem', 'schedule', 'search', 'solve'].map((part) => `optimise/${part}`),
]
