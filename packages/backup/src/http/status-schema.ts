import type { BackupStatus } from '../engine/index.ts'

const text = (description: string) => ({ type: 'string', description })
const time = (description: string) => ({ type: 'string', format: 'date-time', description })
const count = (description: string) => ({ type: 'integer', minimum: 0, description })
const list = (items: object) => ({ type: 'array', items })

/** What is always there, and what is left out where there is nothing to say. */
const object = (required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
})

const source = object(
  {
    name: text('Its name in createBackup.'),
    snapshots: count('Snapshots of it in the repository.'),
    running: { type: 'boolean', description: 'Whether a run of this process is under way.' },
  },
  {
    lastSnapshot: object({ id: text('Of the newest snapshot.'), time: time('When it was begun.') }),
    lastFailure: text('Why the last run of this process failed; not there when it did not.'),
    nextRun: time('The next slot of its schedule.'),
  },
)

const replica = object(
  {
    name: text('Its name.'),
    missing: count('Snapshots that it lacks.'),
    age: { type: 'number', minimum: 0, description: 'Milliseconds since the oldest of them was made.' },
  },
  { failure: text('Why it could not be reached; not there when it could.') },
)

const alert = object({
  key: text('The same as long as it is about the same.'),
  kind: { type: 'string', enum: ['missed', 'failed', 'check', 'growth', 'lag', 'wal', 'slot', 'drill'] },
  text: text('One sentence.'),
})

const status = object(
  {
    ok: { type: 'boolean', description: 'Whether no alert is firing.' },
    repository: text('Id of the repository.'),
    sources: list(source),
    replicas: list(replica),
    alerts: list(alert),
  },
  {
    lastCheck: object({
      time: time('When it ended.'),
      ok: { type: 'boolean', description: 'Whether nothing was found.' },
      problems: count('What was found.'),
    }),
  },
)

/** What an answer about backups holds, for its description alone: our own answers are not validated. */
export const statusSchema = {
  '~standard': {
    version: 1,
    vendor: 'exprsn',
    validate: (value: unknown) => ({ value: value as BackupStatus }),
    jsonSchema: { input: () => status, output: () => status },
  },
} as const
