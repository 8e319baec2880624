import { defineErrors } from '@exprsn/core'

/** What is wrong with a problem of vehicles and stops, or with how it is to be solved. */
export const optimiseErrors = defineErrors({
  GEO_PROBLEM_INVALID: {
    message: 'The problem is not valid at {where}: {reason}.',
    help: 'See the documentation of the named field for its unit and range.',
    status: 400,
  },
  GEO_PLAN_INVALID: {
    message: 'The plan does not fit the problem at {where}: {reason}.',
    help: 'Plans name vehicles and stops of the problem by their ids, each stop once.',
    status: 400,
  },
  GEO_OPTIMISE_OPTION_INVALID: {
    message: 'The option {option} is not valid: {reason}.',
    help: 'See the documentation of the option for its unit and range.',
    status: 400,
  },
  GEO_PROBLEM_FORMAT_INVALID: {
    message: 'The text is not in the format {format}: {reason}.',
    help: 'Readers exist for CVRPLIB, Solomon, Li & Lim, Cordeau, Taillard, TSPLIB and the JSON of VROOM.',
    status: 400,
  },
  GEO_VROOM_UNSUPPORTED: {
    message: '{where} has no counterpart between problems and the JSON of VROOM: {reason}.',
    help: 'Leave it out, or say it in another way; the guide on route optimisation lists what is carried over.',
    status: 422,
  },
})
