import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with a pool of workers, apart from what its tasks throw. */
export const workersErrors = defineErrors({
  CORE_WORKERS_ENTRY_FAILED: {
    message: 'The worker entry {entry} did not start: {reason}.',
    help: 'It must exist, load without an error and call serveTasks().',
  },
  CORE_WORKERS_TASK_UNKNOWN: {
    message: 'The worker entry has no task "{task}".',
    help: 'Use one of the names that are passed to serveTasks().',
  },
  CORE_WORKERS_DIED: {
    message: 'The worker died while it ran "{task}": {reason}.',
    help: 'Call again: a new worker takes its place. If it happens each time, give it more maxMemory or look at the cause.',
    retryable: true,
    status: 503,
  },
  CORE_WORKERS_TIMEOUT: {
    message: 'The task "{task}" did not end within {timeout} ms.',
    help: 'Its worker was stopped. Give it a longer timeout or less to do.',
    retryable: true,
    status: 504,
  },
  CORE_WORKERS_QUEUE_FULL: {
    message: 'The pool has {limit} tasks waiting and takes no more.',
    help: 'Wait for earlier tasks before sending more, or raise queueLimit.',
    retryable: true,
    status: 503,
  },
  CORE_WORKERS_NOT_CLONEABLE: {
    message: 'The {part} of the task "{task}" cannot be sent between threads.',
    help: 'Send plain data: no functions, no class instances with private fields, no buffer that was transferred before.',
  },
  CORE_WORKERS_CLOSED: {
    message: 'The pool of workers is closed.',
    help: 'Make a new pool, or close it later.',
  },
  CORE_WORKERS_OPTION_INVALID: {
    message: 'The option {option} of the pool of workers cannot be {value}.',
    help: 'Its documentation names the range.',
  },
})
