import { tableNames, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import type { CustomerSnapshot, SavedMethodSnapshot } from '../gateway/snapshot.ts'
import { decodeJson, encodeJson } from './stored-json.ts'

/** Customers and what they pay with, as the gateways name them: no numbers, tokens alone. */
export function vaultStore(dialect: Queryable['dialect'], naming: MigrationNaming) {
  const names = tableNames(dialect, naming)
  const [methods, customers] = [names.table('payment_methods'), names.table('payment_customers')]
  return {
    saveMethod: (tx: Queryable, gateway: string, { reference, customer, method, removed }: SavedMethodSnapshot) =>
      tx.query(
        `insert into ${methods} (gateway, reference, customer, method, removed) values ($1, $2, $3, $4, $5)
          on conflict (gateway, reference) do update set
            removed = case when ${methods}.removed = 1 then 1 else excluded.removed end,
            customer = case when excluded.customer = '' then ${methods}.customer else excluded.customer end,
            method = excluded.method`,
        [gateway, reference, customer, encodeJson(method), removed],
      ),
    async methods(tx: Queryable, gateway: string, customer: string): Promise<readonly SavedMethodSnapshot[]> {
      const { rows } = await tx.query<{ reference: string; method: string }>(
        `select * from ${methods} where gateway = $1 and customer = $2 and removed = 0 order by reference`,
        [gateway, customer],
      )
      return rows.map(({ reference, method }) => ({
        kind: 'method',
        reference,
        customer,
        method: decodeJson(method),
        removed: false,
      }))
    },
    saveCustomer: (tx: Queryable, gateway: string, id: string, { reference }: CustomerSnapshot) =>
      tx.query(`insert into ${customers} (gateway, id, reference) values ($1, $2, $3) on conflict do nothing`, [
        gateway,
        id,
        reference,
      ]),
    async customer(tx: Queryable, gateway: string, id: string): Promise<string | undefined> {
      const { rows } = await tx.query<{ reference: string }>(
        `select reference from ${customers} where gateway = $1 and id = $2`,
        [gateway, id],
      )
      return rows[0]?.reference
    },
  }
}
