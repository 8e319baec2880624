import { defineErrors } from '@exprsn/core'

/** What goes wrong with a planner. */
export const plannerErrors = defineErrors({
  GEO_PLANNER_BUSY: {
    message: 'There are {waiting} problems waiting already.',
    help: 'Send it again in a moment, allow more (maxWaiting), or give the planner more threads.',
    retryable: true,
    status: 429,
  },
  GEO_PLANNER_CLOSED: {
    message: 'The planner is closed.',
    help: 'Make another one.',
    status: 503,
  },
  GEO_PLANNER_OPTION_INVALID: {
    message: 'The option {option} is not valid: {reason}.',
    help: 'See the documentation of the option for its unit and range.',
    status: 400,
  },
  GEO_PROBLEM_TOO_LARGE: {
    message: 'The problem has {count} {what}; this planner takes {limit}.',
    help: 'Divide the problem, by area or by day, or raise the limit of the planner.',
    status: 413,
  },
  GEO_PLAN_JOB_NOT_FOUND: {
    message: 'There is no plan "{id}".',
    help: 'Plans are kept for some time only, and in the process that made them.',
    status: 404,
  },
})
