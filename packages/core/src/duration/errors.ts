import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with durations. */
export const durationErrors = defineErrors({
  CORE_DURATION_INVALID: {
    message: '"{value}" is not a duration.',
    help: "Pass milliseconds as a number of 0 or more, or text such as '250ms', '1.5s', '5m', '2h' or '7d'.",
    status: 400,
  },
})
