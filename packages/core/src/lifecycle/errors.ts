import { defineErrors } from '../errors/registry.ts'

/** What goes wrong while components start and stop. */
export const lifecycleErrors = defineErrors({
  CORE_LIFECYCLE_NAME_TAKEN: {
    message: 'There are two components called "{name}".',
    help: 'Give each component a name of its own.',
  },
  CORE_LIFECYCLE_NAME_UNKNOWN: {
    message: 'The component "{name}" depends on "{dependency}", which does not exist.',
    help: 'Add that component before start(), or correct the name in dependsOn.',
  },
  CORE_LIFECYCLE_CYCLE: {
    message: 'The components {path} depend on each other in a circle.',
    help: 'Remove one of the dependencies: no order of starting satisfies all of them.',
  },
  CORE_LIFECYCLE_STATE: {
    message: 'The lifecycle is {state}: it cannot {action} now.',
    help: 'Add components before start(), and make a new lifecycle instead of starting a stopped one.',
  },
  CORE_LIFECYCLE_START_FAILED: {
    message: 'The component "{name}" did not start.',
    help: 'See the cause. What had been started before was stopped again.',
  },
  CORE_LIFECYCLE_START_INTERRUPTED: {
    message: 'The lifecycle was stopped before everything had started.',
    help: 'Nothing to repair: what had been started was stopped again.',
  },
  CORE_LIFECYCLE_STOP_TIMEOUT: {
    message: 'The component "{name}" did not {phase} within {deadline}.',
    help: 'Let its work end when the signal that it is given aborts, or give it a longer deadline.',
  },
  CORE_LIFECYCLE_STOP_FAILED: {
    message: 'These components did not stop cleanly: {names}.',
    help: 'The causes are in cause.errors, in the order of their occurrence. All other components were stopped.',
  },
})
