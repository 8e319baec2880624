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
  CORE_TESTING_PROXY_FAULT: {
    message: 'The fault {kind} is not usable: {reason}.',
    help: 'Give byte counts and milliseconds as whole numbers of 0 or more, and a rate of 1 byte per second or more.',
    status: 400,
  },
  CORE_TESTING_PROXY_STOPPED: {
    message: 'The fault proxy does not run.',
    help: 'Await start() before you ask for its address, and do not use it after close().',
  },
  CORE_TESTING_PROCESS_ENDED: {
    message: 'The child process had ended before it could be {action}.',
    help: 'Let the child run longer than the time in which it is to be hit; its exit is in the details.',
  },
  CORE_TESTING_SMTP_FAULT: {
    message: 'The mail fault {kind} is not usable: {reason}.',
    help: 'Name a stage of the dialogue, a code from 400 to 599, and counts and milliseconds of 0 or more.',
    status: 400,
  },
  CORE_TESTING_SMTP_CLOSED: {
    message: 'The mail sink is closed.',
    help: 'Create another one.',
  },
  CORE_TESTING_FUZZ_OPTIONS: {
    message: 'The fuzzer cannot start: {reason}.',
    help: 'Pass at least one input in the corpus, and counts and times above 0.',
    status: 400,
  },
})
