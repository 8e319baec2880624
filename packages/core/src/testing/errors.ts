import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with the verification kit itself. */
export const testingErrors = defineErrors({
  CORE_TESTING_CLOCK_BACK: {
    message: 'Simulated time cannot run back from {now} to {target}.',
    help: 'Advance to a later time; clock.set() is the way to let the wall clock jump.',
    status: 400,
  },
  CORE_TESTING_NOT_IDLE: {
    message: '{timers} timers fired and there are still {pending} pending.',
    help: 'Something starts a new timer whenever one fires: mark it as a background timer, or use advanceBy.',
  },
  CORE_TESTING_NOT_DETERMINISTIC: {
    message: 'With seed {seed} operation {index} was first "{expected}" and then "{seen}".',
    help: 'Take time and chance in the workload only from the clock and the random it is given.',
  },
})
