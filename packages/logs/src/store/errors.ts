import { defineErrors } from '@exprsn/core'

/** What goes wrong with an embedded store. */
export const storeErrors = defineErrors({
  LOGS_STORE_OPTION_INVALID: {
    message: 'The store option {option} cannot be {value}.',
    help: 'See the documentation of the option.',
    status: 400,
  },
  LOGS_STORE_SEGMENT_DAMAGED: {
    message: 'The segment {segment} is damaged in its {part}: {reason}.',
    help: 'Other segments can be read. Run repair(), which keeps what can be read of it, or restore the file.',
  },
  LOGS_STORE_SEGMENT_VERSION: {
    message: 'The segment {segment} was written in format {version}, which this version cannot read.',
    help: 'Open the store with the newer version that wrote it.',
  },
  LOGS_STORE_MANIFEST_DAMAGED: {
    message: 'The list of segments {path} cannot be read: {reason}.',
    help: 'The next process that writes to the store makes it anew from the segments: try again then.',
    retryable: true,
  },
  LOGS_STORE_MANIFEST_VERSION: {
    message: 'The list of segments {path} was written in format {version}, which this version cannot read.',
    help: 'Open the store with the newer version that wrote it.',
  },
  LOGS_STORE_HAND_OVER_DAMAGED: {
    message: 'The lines {file} that another process has handed over cannot be read: {reason}.',
    help: 'The file is kept beside the others under a name that ends with .damaged. Check the disk.',
  },
  LOGS_STORE_HAND_OVER_PENDING: {
    message: 'Lines of {source} that were handed over wait for the writer of the store.',
    help: 'Try again in a moment; when no other process lives, this one becomes the writer.',
    retryable: true,
    status: 409,
  },
  LOGS_STORE_WAL_DAMAGED: {
    message: 'The log {path} of the store is damaged at byte {offset}: what follows cannot be read.',
    help: 'Lines before the damage are kept. Check the disk.',
  },
  LOGS_STORE_READ_ONLY: {
    message: 'Another process writes to the store {path}.',
    help: 'Delete and repair there. Lines can be appended here: they are handed over.',
    retryable: true,
    status: 409,
  },
  LOGS_STORE_TWO_WRITERS: {
    message: 'Somebody else has written to the store {path} since it was opened.',
    help: 'Let one process write to a bucket. Open the store again to go on from what is there.',
    status: 409,
  },
  LOGS_STORE_SAVED_INVALID: {
    message: 'The search or dashboard cannot be saved: {reason}.',
    help: 'See SavedItem in the reference.',
    status: 400,
  },
  LOGS_STORE_CLOSED: {
    message: 'The store was used after it was closed.',
    help: 'Close it after the last call.',
  },
  LOGS_STORE_LINE_TOO_LARGE: {
    message: 'A line of {bytes} bytes is longer than {limit}.',
    help: 'Cut it, or raise maxLine.',
    status: 413,
  },
  LOGS_QUERY_INVALID: {
    message: 'The query cannot be read at character {offset}: {reason}.',
    help: 'See the grammar in the guide. Texts with blanks or signs stand in double quotes.',
    status: 400,
  },
  LOGS_QUERY_PATTERN: {
    message: 'The pattern {pattern} cannot be used: {reason}.',
    help: 'Patterns are those of RE2: no look-around, no back-references.',
    status: 400,
  },
  LOGS_QUERY_CURSOR: {
    message: 'The cursor {cursor} is none of this store.',
    help: 'Pass on what the previous page gave, unchanged.',
    status: 400,
  },
  LOGS_QUERY_TOO_COSTLY: {
    message: 'The query was stopped because it needs more than {limit}.',
    help: 'Narrow the time or the fields, or raise the limit.',
    status: 422,
  },
  LOGS_QUERY_TIMEOUT: {
    message: 'The query was stopped after {milliseconds} ms.',
    help: 'Narrow the time, or raise the timeout.',
    retryable: true,
    status: 504,
  },
})
