import { defineErrors } from '@exprsn/core'

/** What goes wrong with the write-ahead log. */
export const walErrors = defineErrors({
  LOGS_WAL_WRITE_FAILED: {
    message: 'The spool {folder} did not take {lines} lines: {reason}.',
    help: 'Free space or repair the disk. Lines are counted as dropped until it works again; the service goes on.',
    retryable: true,
    status: 503,
  },
  LOGS_WAL_FULL: {
    message: 'The spool {folder} holds its {limit} bytes already.',
    help: 'Find out why the sinks are behind, or raise maxSpool.',
    retryable: true,
    status: 503,
  },
  LOGS_WAL_DAMAGED: {
    message: 'The spool segment {path} is damaged at byte {offset}: {lost} lines cannot be read.',
    help: 'The lines after the damage are delivered. Check the disk.',
  },
  LOGS_WAL_VERSION: {
    message: 'The spool segment {path} was written in format {version}, which this version cannot read.',
    help: 'Let the newer version that wrote it deliver it, then go back.',
  },
  LOGS_WAL_CLOSED: {
    message: 'A line was written to a closed spool.',
    help: 'Close the shipper after the last line.',
  },
})
