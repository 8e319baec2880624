import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with schedules and the scheduler. */
export const scheduleErrors = defineErrors({
  CORE_SCHEDULE_CRON: {
    message: 'The cron expression "{expression}" cannot be used: {reason} (field {field}, offset {offset}).',
    help: 'Write [second] minute hour day-of-month month day-of-week, or a name such as @daily.',
    status: 400,
  },
  CORE_SCHEDULE_IMPOSSIBLE: {
    message: 'The cron expression "{expression}" never runs: {reason} (field {field}, offset {offset}).',
    help: 'Choose a day that occurs in one of the months.',
    status: 400,
  },
  CORE_SCHEDULE_ZONE: {
    message: '"{zone}" is not a time zone that this runtime knows.',
    help: "Pass a name of the IANA database, such as 'Europe/London', or 'UTC'.",
    status: 400,
  },
  CORE_SCHEDULE_OPTIONS: {
    message: 'The option {option} cannot be used: {reason}.',
    help: 'Pass a value of the documented type and range.',
    status: 400,
  },
  CORE_SCHEDULE_JOB_TAKEN: {
    message: 'There is a job "{id}" already.',
    help: 'Give every job of a scheduler an id of its own, or remove the first one.',
    status: 409,
  },
  CORE_SCHEDULE_JOB_UNKNOWN: {
    message: 'There is no job "{id}".',
    help: 'Add it first; ids are compared exactly.',
    status: 404,
  },
  CORE_SCHEDULE_JOB_REPLACED: {
    message: 'The job "{id}" was registered with another schedule by a newer deployment.',
    help: 'This replica leaves the job alone; restart it with the same schedule as the others.',
    status: 409,
  },
  CORE_SCHEDULE_LEASE_LOST: {
    message: 'The lease of the job "{id}" for its slot {slot} was lost.',
    help: 'Another replica may have taken the run over: stop, and keep nothing that was done under this fencing token.',
    status: 409,
  },
  CORE_SCHEDULE_CLOSED: {
    message: 'The scheduler is closed.',
    help: 'Create a new one, or close it only after its last use.',
  },
})
