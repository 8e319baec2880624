import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { Queryable, SqlValue } from '../database/database.ts'

/** Where a statement takes the time from: an expression in microseconds since 1970, and the values it needs. */
export interface StatementTime {
  readonly expression: string
  readonly values: readonly SqlValue[]
}

/**
 * PostgreSQL's own time, so that machines whose clocks differ agree; it stands still within a statement. SQLite is one
 * machine, whose clock this process reads as well. A clock that was asked for goes before both.
 *
 * @param placeholder The number of the placeholder that is free.
 */
export function statementTime(
  { dialect }: Pick<Queryable, 'dialect'>,
  clock: Clock | undefined,
  placeholder: number,
): StatementTime {
  if (dialect === 'postgres' && clock === undefined)
    return { expression: 'cast(extract(epoch from statement_timestamp()) * 1000000 as bigint)', values: [] }
  const now = Math.floor((clock ?? systemClock).now() * 1_000)
  return { expression: `cast($${placeholder} as bigint)`, values: [now] }
}
