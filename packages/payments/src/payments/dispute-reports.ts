import { hash } from 'node:crypto'
import { tableNames, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import type { DisputeSnapshot } from '../gateway/snapshot.ts'
import { decodeJson, encodeJson } from './stored-json.ts'

/** A dispute of which there are reports that nobody has looked at. */
export interface ReportedDispute {
  readonly gateway: string
  readonly reference: string
}

/** What a gateway said of a dispute. */
export interface DisputeReport {
  readonly digest: string
  /** Our identifier of the payment. */
  readonly payment: string
  readonly report: DisputeSnapshot
  readonly at: Date
}

/**
 * Everything that gateways said of disputes, each once and in the transaction that applied it. Whoever builds on it takes
 * what is new by its mark, not by its number: numbers become visible out of order.
 */
export function disputeReports(dialect: Queryable['dialect'], naming: MigrationNaming) {
  const reports = tableNames(dialect, naming).table('payment_dispute_reports')
  const lock = dialect === 'postgres' ? ' for update' : ''
  return {
    keep: (
      tx: Queryable,
      {
        gateway,
        payment,
        report,
        now,
      }: { readonly gateway: string; readonly payment: string; readonly report: DisputeSnapshot; readonly now: number },
    ) => {
      const content = encodeJson(report)
      return tx.query(
        `insert into ${reports} (gateway, reference, digest, payment, content, at, taken)
          values ($1, $2, $3, $4, $5, $6, 0) on conflict do nothing`,
        [gateway, report.reference, hash('sha256', content, 'hex'), payment, content, now],
      )
    },
    async waiting(tx: Queryable, limit: number): Promise<readonly ReportedDispute[]> {
      const { rows } = await tx.query<ReportedDispute & Record<string, string>>(
        `select distinct gateway, reference from ${reports} where taken = 0 order by gateway, reference limit $1`,
        [limit],
      )
      return rows.map(({ gateway, reference }) => ({ gateway, reference }))
    },
    /** The reports of one dispute that nobody has taken; they are taken when the transaction commits. */
    async take(tx: Queryable, { gateway, reference }: ReportedDispute): Promise<readonly DisputeReport[]> {
      const { rows } = await tx.query<{ digest: string; payment: string; content: string; at: number }>(
        `select digest, payment, content, at from ${reports}
          where gateway = $1 and reference = $2 and taken = 0 order by at, digest${lock}`,
        [gateway, reference],
      )
      for (const { digest } of rows)
        await tx.query(`update ${reports} set taken = 1 where gateway = $1 and reference = $2 and digest = $3`, [
          gateway,
          reference,
          digest,
        ])
      return rows.map(({ digest, payment, content, at }) => ({
        digest,
        payment,
        report: decodeJson<DisputeSnapshot>(content),
        at: new Date(at),
      }))
    },
    /** All of them, the oldest first. */
    async of(tx: Queryable, { gateway, reference }: ReportedDispute): Promise<readonly DisputeReport[]> {
      const { rows } = await tx.query<{ digest: string; payment: string; content: string; at: number }>(
        `select digest, payment, content, at from ${reports} where gateway = $1 and reference = $2 order by at, digest`,
        [gateway, reference],
      )
      return rows.map(({ digest, payment, content, at }) => ({
        digest,
        payment,
        report: decodeJson<DisputeSnapshot>(content),
        at: new Date(at),
      }))
    },
  }
}
