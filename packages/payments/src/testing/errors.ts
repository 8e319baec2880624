import { defineErrors } from '@exprsn/core'

/** What goes wrong with the simulators themselves; what a simulated gateway refuses is its answer, not an error. */
export const testingErrors = defineErrors({
  PAYMENTS_TESTING_OPTION_INVALID: {
    message: 'The simulator option {option} cannot be {value}.',
    help: 'See the documentation of the option for what it takes.',
  },
  PAYMENTS_TESTING_UNKNOWN_OBJECT: {
    message: 'The simulator knows no {kind} {reference}.',
    help: 'Pass the reference that the simulated gateway gave.',
  },
  PAYMENTS_TESTING_WRONG_STATE: {
    message: 'The simulator cannot do this: {operation} of {reference}, which is {state}.',
    help: 'Bring it into the state that the real gateway would ask for first.',
  },
  PAYMENTS_TESTING_EXPECTATION_FAILED: {
    message: 'The gateway does not conform: {expectation}.',
    help: 'See details.seen for what it did.',
  },
})
