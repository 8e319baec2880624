import type { ShipperStatus } from '../shipper/shipper-status.ts'

const count = (description: string) => ({ type: 'integer', minimum: 0, description })
const object = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})

const sink = object({
  name: { type: 'string' },
  delivered: count('Lines that the sink took or that are dead letters, since the start.'),
  pending: count('Lines that it does not have yet; an adopted folder that is not through counts as one.'),
  failures: count('Attempts that failed.'),
  lost: object({ dropped: count('For want of room.'), damaged: count('Their bytes cannot be read.') }),
  deadLetters: count('Lines that it will never take.'),
  deadLettersDropped: count('Dead letters that found no room.'),
  circuit: { type: 'string', enum: ['closed', 'open', 'half-open'] },
})

const status = object({
  durability: { type: 'string', enum: ['line', 'buffered', 'fsync'] },
  lines: count('Lines taken.'),
  cut: count('Lines that were cut because they were too long.'),
  dropped: object({ full: count('The spool was full.'), failed: count('The disk refused them.') }),
  spool: object({
    bytes: count('What waits for a sink.'),
    limit: count('The most that may wait, in bytes.'),
    segments: count('Files of this process.'),
    adopted: count('Folders of dead processes that are being delivered.'),
  }),
  sinks: {
    type: 'array',
    items: {
      ...sink,
      properties: {
        ...sink.properties,
        lastError: { type: 'string', description: 'Code of the last failure, until something succeeds.' },
      },
    },
  },
})

/** What an answer about a shipper holds, for its description alone: our own answers are not validated. */
export const statusSchema = {
  '~standard': {
    version: 1,
    vendor: 'exprsn',
    validate: (value: unknown) => ({ value: value as ShipperStatus }),
    jsonSchema: { input: () => status, output: () => status },
  },
} as const
