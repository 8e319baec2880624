import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/database.ts'
import type { MigrationNaming } from '../database/migration.ts'
import { tableNames } from '../database/table-names.ts'
import { compileRate, describeDecision, type RateDecision, type RateRule } from '../resilience/gcra.ts'
import { answerInOutage, type OutageOptions } from '../resilience/outage.ts'
import type { RateLimiter } from '../resilience/rate-limiter.ts'
import { statementTime } from './statement-time.ts'

/** Options of {@link databaseRateLimiter}. */
export interface DatabaseRateLimiterOptions extends RateRule, MigrationNaming, OutageOptions {
  /** Holds the tables of `resilienceMigrations`. */
  readonly database: Database
  /** Put before every key, so that several rules share one table. @default 'default' */
  readonly name?: string | undefined
  /** @default the server's clock on PostgreSQL, the system's on SQLite */
  readonly clock?: Clock | undefined
}

/** A rate limiter whose state is in a table. */
export interface DatabaseRateLimiter extends RateLimiter {
  take(key: string, cost?: number): Promise<RateDecision>
  /**
   * Deletes rows of keys that have recovered, of every rule in the table. Nothing else does: run it from a schedule.
   *
   * @returns Rows deleted; run it again when they are as many as the limit.
   */
  sweep(options?: { readonly limit?: number | undefined; readonly signal?: AbortSignal | undefined }): Promise<number>
}

/**
 * Limits a rate per key across all processes that share a database, with one statement per take. It decides exactly as
 * `memoryRateLimiter` does. While the database cannot be reached, `whenDown` says what happens.
 *
 * @throws `CORE_POLICY_OPTION_INVALID`; `take` throws `CORE_RATE_LIMIT_UNAVAILABLE` with `whenDown: 'refuse'`, and errors
 * of the database that will not pass by themselves.
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { databaseRateLimiter, resilienceMigrations } from '@exprsn/core/resilience-database'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [resilienceMigrations])
 * const limiter = databaseRateLimiter({ database, limit: 1, per: '1m' })
 * await limiter.take('alice')
 * console.log((await limiter.take('alice')).allowed) // false
 * ```
 */
export function databaseRateLimiter(options: DatabaseRateLimiterOptions): DatabaseRateLimiter {
  const { database, name = 'default', clock } = options
  const rate = compileRate(options)
  const table = tableNames(database.dialect, options).table('rate_limits')
  const takeFromStore = (key: string, cost: number, signal: AbortSignal): Promise<RateDecision> =>
    cost > rate.burst ? look(key, cost, signal) : take(key, cost, signal)

  async function take(key: string, cost: number, signal: AbortSignal): Promise<RateDecision> {
    const time = statementTime(database, clock, 4)
    const { rows } = await database.query<TakenRow>(
      takeStatement(table, time.expression),
      [`${name}:${key}`, cost * rate.interval, rate.tolerance, ...time.values],
      { signal },
    )
    const { arrival, allowed, now } = rows[0]!
    return describeDecision(rate, allowed === 1, arrival, now, cost)
  }

  /** What exceeds the burst is never allowed: nothing is written for it. */
  async function look(key: string, cost: number, signal: AbortSignal): Promise<RateDecision> {
    const time = statementTime(database, clock, 2)
    const { rows } = await database.query<{ arrival: number; now: number }>(
      `select coalesce((select arrival from ${table} where key = $1), 0) as arrival, ${time.expression} as now`,
      [`${name}:${key}`, ...time.values],
      { signal },
    )
    return describeDecision(rate, false, rows[0]!.arrival, rows[0]!.now, cost)
  }

  return {
    take: answerInOutage(takeFromStore, options, options),
    async sweep({ limit = 1_000, signal } = {}) {
      const time = statementTime(database, clock, 2)
      // The outer condition is for PostgreSQL, which reads it again when a take has changed the row in between.
      const { count } = await database.query(
        `delete from ${table} where arrival < ${time.expression}
           and key in (select key from ${table} where arrival < ${time.expression} order by arrival limit $1)`,
        [limit, ...time.values],
        { signal },
      )
      return count
    },
  }
}

interface TakenRow {
  readonly arrival: number
  readonly allowed: 0 | 1
  readonly now: number
}

/**
 * The rule of `nextArrival` as one upsert: $1 the key, $2 the cost and $3 the tolerance in microseconds. The time inside
 * the update is `excluded.arrival - $2`. A refused take leaves the state as it was and says so in `allowed`.
 */
function takeStatement(table: string, time: string): string {
  const now = `(excluded.arrival - cast($2 as bigint))`
  const full = `${now} + cast($3 as bigint)`
  // No state is further ahead than a whole burst, unless the clock was set back or the rule has changed.
  const old = `(case when ${table}.arrival > ${full} then ${full} else ${table}.arrival end)`
  const next = `(case when ${old} > ${now} then ${old} else ${now} end + cast($2 as bigint))`
  const fits = `${next} - ${now} <= cast($3 as bigint)`
  return `
    insert into ${table} (key, arrival, allowed) values ($1, ${time} + cast($2 as bigint), 1)
    on conflict (key) do update set
      arrival = case when ${fits} then ${next} else ${old} end,
      allowed = case when ${fits} then 1 else 0 end
    returning arrival, allowed, ${time} as now`
}
