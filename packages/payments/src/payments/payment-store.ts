import { tableNames, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import type { PaymentState } from '../gateway/state.ts'
import type { Attempt, AttemptResult, Operation } from './attempt.ts'
import { disputeReports } from './dispute-reports.ts'
import { inboxStore } from './inbox-store.ts'
import type { Payment, Transfer } from './payment.ts'
import { decodeJson, encodeJson } from './stored-json.ts'
import { vaultStore } from './vault-store.ts'

/** A payment with what only the books need. */
export interface StoredPayment {
  readonly payment: Payment
  readonly version: number
  /** The open reservation in the ledger, and how much it holds. */
  readonly reserve: string | undefined
  readonly reserveAmount: bigint
  readonly customer: string | undefined
}

interface PaymentRow {
  readonly id: string
  readonly gateway: string
  readonly reference: string | null
  readonly key: string
  readonly order_id: string | null
  readonly customer: string | null
  readonly currency: string
  readonly amount: number | bigint
  readonly state: string
  readonly authorised: number | bigint
  readonly captured: number | bigint
  readonly refunded: number | bigint
  readonly detail: string
  readonly version: number
  readonly reserve: string | null
  readonly reserve_amount: number | bigint
  readonly created_at: number
  readonly updated_at: number
}

interface AttemptRow {
  readonly key: string
  readonly gateway: string
  readonly operation: Operation
  readonly payment: string | null
  readonly amount: number | bigint
  readonly digest: string
  readonly command: string
  readonly status: Attempt['status']
  readonly result: string | null
  readonly sent_at: number | null
  readonly tries: number
  readonly due_at: number
}

/** Every statement of payments. Each method takes the database or a transaction. */
export type PaymentStore = ReturnType<typeof paymentStore>

/** Reads and writes the tables of payments. */
export function paymentStore(dialect: Queryable['dialect'], naming: MigrationNaming) {
  const names = tableNames(dialect, naming)
  const [payments, transfers, attempts] = [
    names.table('payments'),
    names.table('payment_transfers'),
    names.table('payment_attempts'),
  ]
  const lock = dialect === 'postgres' ? ' for update' : ''
  const selectPayment = `select p.*, (select cast(coalesce(sum(t.amount), 0) as bigint) from ${transfers} as t
    where t.payment = p.id and t.kind = 'refund' and t.state <> 'failed') as refunded from ${payments} as p`
  const open = `status in ('ready', 'sent', 'unknown')`

  async function onePayment(
    tx: Queryable,
    where: string,
    values: readonly string[],
  ): Promise<StoredPayment | undefined> {
    const { rows } = await tx.query<PaymentRow>(`${selectPayment} where ${where}`, values)
    return rows[0] === undefined ? undefined : storedPayment(rows[0])
  }

  async function oneAttempt(tx: Queryable, key: string, suffix: string): Promise<Attempt | undefined> {
    const { rows } = await tx.query<AttemptRow>(`select * from ${attempts} where key = $1${suffix}`, [key])
    return rows[0] === undefined ? undefined : attemptOf(rows[0])
  }

  return {
    ...inboxStore(dialect, naming),
    ...vaultStore(dialect, naming),
    reports: disputeReports(dialect, naming),
    payment: (tx: Queryable, id: string) => onePayment(tx, 'p.id = $1', [id]),
    paymentOf: (tx: Queryable, gateway: string, reference: string) =>
      onePayment(tx, 'p.gateway = $1 and p.reference = $2', [gateway, reference]),
    paymentByKey: (tx: Queryable, gateway: string, key: string) =>
      onePayment(
        tx,
        `p.gateway = $1 and p.id = (select payment from ${attempts} where key = $2 and operation = 'charge')`,
        [gateway, key],
      ),
    async lockPayment(tx: Queryable, id: string) {
      if (lock !== '') await tx.query(`select id from ${payments} where id = $1${lock}`, [id])
      return onePayment(tx, 'p.id = $1', [id])
    },
    /** A payment that was read in this transaction, under its lock. SQLite has one writer: there it is locked already. */
    async lockFound(tx: Queryable, found: StoredPayment) {
      return lock === '' ? found : this.lockPayment(tx, found.payment.id)
    },
    async paymentsOfOrder(tx: Queryable, order: string) {
      const { rows } = await tx.query<PaymentRow>(
        `${selectPayment} where p.order_id = $1 order by p.created_at, p.id`,
        [order],
      )
      return rows.map((row) => storedPayment(row).payment)
    },
    async stalePayments(tx: Queryable, before: number, limit: number) {
      const { rows } = await tx.query<PaymentRow>(
        `${selectPayment} where p.state in ('created', 'requires_action', 'pending', 'authorised')
          and p.reference is not null and p.checked_at < $1 order by p.checked_at limit $2`,
        [before, limit],
      )
      return rows.map((row) => storedPayment(row).payment)
    },
    checked: (tx: Queryable, id: string, now: number) =>
      tx.query(`update ${payments} set checked_at = $1 where id = $2`, [now, id]),
    insertPayment: (tx: Queryable, payment: Payment, capture: string, customer: string | undefined) =>
      tx.query(
        `insert into ${payments} (id, gateway, reference, key, order_id, capture, customer, currency, amount, state,
          authorised, captured, detail, version, reserve, reserve_amount, checked_at, created_at, updated_at)
        values ($1, $2, null, $3, $4, $5, $6, $7, $8, $9, 0, 0, '{}', 0, null, 0, $10, $10, $10)`,
        [
          payment.id,
          payment.gateway,
          payment.key,
          payment.order ?? null,
          capture,
          customer ?? null,
          payment.amount.currency,
          payment.amount.amount,
          payment.state,
          payment.createdAt.getTime(),
        ],
      ),
    updatePayment: (tx: Queryable, { payment, version, reserve, reserveAmount }: StoredPayment) =>
      tx.query(
        `update ${payments} set reference = $2, state = $3, authorised = $4, captured = $5, detail = $6, version = $7,
          reserve = $8, reserve_amount = $9, updated_at = $10, checked_at = $10 where id = $1`,
        [
          payment.id,
          payment.reference ?? null,
          payment.state,
          payment.authorised.amount,
          payment.captured.amount,
          encodeJson({ method: payment.method, decline: payment.decline, nextAction: payment.nextAction }),
          version,
          reserve ?? null,
          reserveAmount,
          payment.updatedAt.getTime(),
        ],
      ),

    async lockTransfer(tx: Queryable, { gateway, kind, reference }: Pick<Transfer, 'gateway' | 'kind' | 'reference'>) {
      const { rows } = await tx.query<{ record: string; version: number }>(
        `select record, version from ${transfers} where gateway = $1 and kind = $2 and reference = $3${lock}`,
        [gateway, kind, reference],
      )
      const [row] = rows
      return row && { transfer: decodeJson<Transfer>(row.record), version: row.version }
    },
    /** False when somebody else made it meanwhile: read it again. */
    async saveTransfer(tx: Queryable, transfer: Transfer, version: number): Promise<boolean> {
      const { gateway, kind, reference, payment = null, state, amount, key = null } = transfer
      const values = [gateway, kind, reference, payment, state, amount.amount, key, encodeJson(transfer), version]
      const { count } = await tx.query(
        version === 1
          ? `insert into ${transfers} (gateway, kind, reference, payment, state, amount, key, record, version)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`
          : `update ${transfers} set payment = $4, state = $5, amount = $6, key = $7, record = $8, version = $9
              where gateway = $1 and kind = $2 and reference = $3`,
        values,
      )
      return count === 1
    },
    async transfersOf(tx: Queryable, payment: string) {
      const { rows } = await tx.query<{ record: string }>(
        `select record from ${transfers} where payment = $1 order by kind, reference`,
        [payment],
      )
      return rows.map(({ record }) => decodeJson<Transfer>(record))
    },
    async transfersOfKind(tx: Queryable, kind: Transfer['kind'], limit: number) {
      const { rows } = await tx.query<{ record: string }>(
        `select record from ${transfers} where kind = $1 order by gateway, reference limit $2`,
        [kind, limit],
      )
      return rows.map(({ record }) => decodeJson<Transfer>(record))
    },

    attempt: (tx: Queryable, key: string) => oneAttempt(tx, key, ''),
    lockAttempt: (tx: Queryable, key: string) => oneAttempt(tx, key, lock),
    async insertAttempt(tx: Queryable, attempt: Attempt): Promise<boolean> {
      const { key, gateway, operation, payment = null, amount, digest, command, status, sentAt = null, dueAt } = attempt
      const { count } = await tx.query(
        `insert into ${attempts} (key, gateway, operation, payment, amount, digest, command, status, sent_at, due_at, tries)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) on conflict do nothing`,
        [key, gateway, operation, payment, amount, digest, encodeJson(command), status, sentAt, dueAt],
      )
      return count === 1
    },
    /** Takes a command to send it; false when somebody else has it, or it is past that. */
    async claimAttempt(tx: Queryable, key: string, now: number, due: number): Promise<boolean> {
      const { count } = await tx.query(
        `update ${attempts} set status = 'sent', sent_at = $2, due_at = $3, tries = 0
          where key = $1 and status in ('ready', 'not_done')`,
        [key, now, due],
      )
      return count === 1
    },
    setAttempt: (
      tx: Queryable,
      key: string,
      status: Attempt['status'],
      { result, due, tries }: { result?: AttemptResult | undefined; due: number; tries: number },
    ) =>
      tx.query(`update ${attempts} set status = $2, result = $3, due_at = $4, tries = $5 where key = $1`, [
        key,
        status,
        result === undefined ? null : encodeJson(result),
        due,
        tries,
      ]),
    async dueAttempts(tx: Queryable, now: number, limit: number) {
      const { rows } = await tx.query<AttemptRow>(
        `select * from ${attempts} where ${open} and due_at <= $1 order by due_at, key limit $2`,
        [now, limit],
      )
      return rows.map(attemptOf)
    },
    /** What open commands of one kind may still move of a payment; those whose transfer is known already do not count. */
    async amountUnderway(tx: Queryable, payment: string, operation: 'capture' | 'refund'): Promise<bigint> {
      const { rows } = await tx.query<{ sum: number | bigint }>(
        `select cast(coalesce(sum(amount), 0) as bigint) as sum from ${attempts} as a where payment = $1 and operation = $2
          and ${open} and not exists (select 1 from ${transfers} as t where t.payment = $1 and t.kind = $2 and t.key = a.key)`,
        [payment, operation],
      )
      return BigInt(rows[0]!.sum)
    },
  }
}

function storedPayment(row: PaymentRow): StoredPayment {
  const { currency, version } = row
  const money = (amount: number | bigint) => ({ amount: BigInt(amount), currency })
  const detail = decodeJson<Pick<Payment, 'method' | 'decline' | 'nextAction'>>(row.detail)
  return {
    payment: {
      id: row.id,
      gateway: row.gateway,
      reference: row.reference ?? undefined,
      key: row.key,
      order: row.order_id ?? undefined,
      state: row.state as PaymentState,
      amount: money(row.amount),
      authorised: money(row.authorised),
      captured: money(row.captured),
      refunded: money(row.refunded),
      method: detail.method,
      decline: detail.decline,
      nextAction: detail.nextAction,
      createdAt: new Date(row.created_at),
      updatedAt: new Date(row.updated_at),
    },
    version,
    reserve: row.reserve ?? undefined,
    reserveAmount: BigInt(row.reserve_amount),
    customer: row.customer ?? undefined,
  }
}

function attemptOf(row: AttemptRow): Attempt {
  return {
    key: row.key,
    gateway: row.gateway,
    operation: row.operation,
    payment: row.payment ?? undefined,
    amount: BigInt(row.amount),
    digest: row.digest,
    command: decodeJson(row.command),
    status: row.status,
    result: row.result === null ? undefined : decodeJson<AttemptResult>(row.result),
    sentAt: row.sent_at ?? undefined,
    tries: row.tries,
    dueAt: row.due_at,
  }
}
