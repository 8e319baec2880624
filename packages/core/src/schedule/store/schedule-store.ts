import type { Database, Queryable, SqlRow, Transaction } from '../../database/database.ts'
import type { MigrationNaming } from '../../database/migration.ts'
import { tableNames } from '../../database/table-names.ts'
import { readJob, readRun, readRunning } from './read-rows.ts'
import type { JobRecord, RunClaim, RunningRecord, RunRecord, RunState } from './records.ts'

/** Who claims, and when. */
export interface ClaimTime {
  readonly owner: string
  readonly now: number
  /** Milliseconds. */
  readonly lease: number
}

/** How a claimed slot begins. */
export interface SlotClaim extends ClaimTime {
  readonly slot: number
  /** Settles the slot without a run, for this reason. */
  readonly skip?: string | undefined
}

/**
 * The scheduler's statements. Every claim is a compare-and-swap on the job's fencing token, which each claim raises: what
 * was decided from a record that is no longer the latest changes nothing.
 */
export class ScheduleStore {
  readonly #database: Database
  readonly #jobs: string
  readonly #runs: string

  constructor(database: Database, naming: MigrationNaming) {
    const names = tableNames(database.dialect, naming)
    this.#database = database
    this.#jobs = names.table('schedule_jobs')
    this.#runs = names.table('schedule_runs')
  }

  /** Makes the job known; when its schedule is another one, no slot up to `settled` belongs to it any more. */
  async register(id: string, schedule: string, settled: number, now: number): Promise<void> {
    await this.#database.query(
      `insert into ${this.#jobs} (id, schedule, slot, token, paused, registered_at) values ($1, $2, $3, 0, 0, $4)
       on conflict (id) do nothing`,
      [id, schedule, settled, now],
    )
    await this.#database.query(
      `update ${this.#jobs} set schedule = $2, registered_at = $4, token = token + 1,
         slot = case when slot < $3 then $3 else slot end
       where id = $1 and schedule <> $2`,
      [id, schedule, settled, now],
    )
  }

  /** Jobs first, runs second: a claim in between raises the token, and then nothing comes of a decision from both. */
  async read(id?: string): Promise<{ readonly jobs: JobRecord[]; readonly running: RunningRecord[] }> {
    const values = id === undefined ? [] : [id]
    const jobs = await this.#database.query(
      `select id, schedule, slot, token, paused from ${this.#jobs} ${id === undefined ? '' : 'where id = $1'}`,
      values,
    )
    const running = await this.#database.query(
      `select job, kind, slot, token, attempt, lease_until from ${this.#runs}
       where state = 'running' ${id === undefined ? '' : 'and job = $1'} order by slot`,
      values,
    )
    return { jobs: jobs.rows.map(readJob), running: running.rows.map(readRunning) }
  }

  /** Settles a slot for every replica; undefined when another one was first. */
  claim(job: JobRecord, { slot, owner, now, lease, skip }: SlotClaim): Promise<RunClaim | undefined> {
    return this.#database.transaction(async (tx) => {
      const token = await this.#raiseToken(tx, job, slot)
      if (token === undefined) return undefined
      const claim: RunClaim = { job: job.id, kind: 'slot', slot, token, attempt: 1 }
      return (await this.#insertRun(tx, claim, { owner, now, lease, skip })) ? claim : undefined
    })
  }

  /** A run that was asked for: it gets the first free millisecond from now on. */
  claimManual(job: JobRecord, time: ClaimTime): Promise<RunClaim | undefined> {
    return this.#database.transaction(async (tx) => {
      const token = await this.#raiseToken(tx, job, job.slot)
      if (token === undefined) return undefined
      for (let slot = Math.floor(time.now); ; slot++) {
        const claim: RunClaim = { job: job.id, kind: 'manual', slot, token, attempt: 1 }
        if (await this.#insertRun(tx, claim, { ...time, skip: undefined })) return claim
      }
    })
  }

  /** Takes over a run whose lease has ended; undefined when its owner or another replica was first. */
  takeOver(job: JobRecord, run: RunningRecord, { owner, now, lease }: ClaimTime): Promise<RunClaim | undefined> {
    return this.#database.transaction(async (tx) => {
      const token = await this.#raiseToken(tx, job, job.slot)
      if (token === undefined) return undefined
      const { count } = await tx.query(
        `update ${this.#runs} set token = $5, attempt = attempt + 1, owner = $6, started_at = $7, lease_until = $8
         where job = $1 and kind = $2 and slot = $3 and token = $4 and state = 'running' and lease_until <= $7`,
        [run.job, run.kind, run.slot, run.token, token, owner, now, now + lease],
      )
      return count === 1 ? { ...run, token, attempt: run.attempt + 1 } : undefined
    })
  }

  /** False when the run is no longer this claim's. */
  async renew(run: RunClaim, leaseUntil: number): Promise<boolean> {
    const { count } = await this.#database.query(
      `update ${this.#runs} set lease_until = $5
       where job = $1 and kind = $2 and slot = $3 and token = $4 and state = 'running'`,
      [run.job, run.kind, run.slot, run.token, leaseUntil],
    )
    return count === 1
  }

  /** Ends a run, perhaps inside the host's own transaction; false when it is no longer this claim's. */
  async finish(
    run: RunClaim,
    state: Exclude<RunState, 'running'>,
    now: number,
    { reason, tx = this.#database }: { readonly reason?: string | undefined; readonly tx?: Queryable | undefined } = {},
  ): Promise<boolean> {
    const { count } = await tx.query(
      `update ${this.#runs} set state = $5, finished_at = $6, reason = $7
       where job = $1 and kind = $2 and slot = $3 and token = $4 and state = 'running'`,
      [run.job, run.kind, run.slot, run.token, state, now, reason ?? null],
    )
    return count === 1
  }

  /** How the run stands; undefined when it is no longer this claim's. */
  async stateOf(run: RunClaim): Promise<RunState | undefined> {
    const { rows } = await this.#database.query<{ readonly state: RunState }>(
      `select state from ${this.#runs} where job = $1 and kind = $2 and slot = $3 and token = $4`,
      [run.job, run.kind, run.slot, run.token],
    )
    return rows[0]?.state
  }

  async setPaused(id: string, isPaused: boolean): Promise<boolean> {
    const { count } = await this.#database.query(
      `update ${this.#jobs} set paused = $2, token = token + 1 where id = $1`,
      [id, isPaused],
    )
    return count === 1
  }

  async remove(id: string): Promise<void> {
    await this.#database.transaction(async (tx) => {
      await tx.query(`delete from ${this.#jobs} where id = $1`, [id])
      await tx.query(`delete from ${this.#runs} where job = $1`, [id])
    })
  }

  /** Keeps the latest runs that have ended. */
  async prune(id: string, kept: number): Promise<void> {
    await this.#database.query(
      `delete from ${this.#runs} where job = $1 and state <> 'running' and token < (
         select token from ${this.#runs} where job = $1 and state <> 'running' order by token desc limit 1 offset $2)`,
      [id, kept - 1],
    )
  }

  /** Latest first. */
  async history(id: string, limit: number): Promise<RunRecord[]> {
    const { rows } = await this.#database.query<SqlRow>(
      `select * from ${this.#runs} where job = $1 order by token desc limit $2`,
      [id, limit],
    )
    return rows.map(readRun)
  }

  async #raiseToken(tx: Transaction, job: JobRecord, slot: number): Promise<number | undefined> {
    const { rows } = await tx.query(
      `update ${this.#jobs} set token = token + 1, slot = $4
       where id = $1 and token = $2 and schedule = $3 and slot <= $4 returning token`,
      [job.id, job.token, job.schedule, slot],
    )
    return rows[0] === undefined ? undefined : Number(rows[0].token)
  }

  async #insertRun(
    tx: Transaction,
    run: RunClaim,
    { owner, now, lease, skip }: ClaimTime & { readonly skip: string | undefined },
  ): Promise<boolean> {
    const skipped = skip !== undefined
    const { count } = await tx.query(
      `insert into ${this.#runs}
         (job, kind, slot, token, attempt, state, owner, started_at, lease_until, finished_at, reason)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (job, kind, slot) do nothing`,
      [
        run.job,
        run.kind,
        run.slot,
        run.token,
        run.attempt,
        skipped ? 'skipped' : 'running',
        owner,
        now,
        now + lease,
        skipped ? now : null,
        skip ?? null,
      ],
    )
    return count === 1
  }
}
