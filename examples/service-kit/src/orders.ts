import { createId } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import { createJobs, type DatabaseJobs, type Job, type JobContext } from '@exprsn/core/jobs'

/** What somebody orders. */
export interface NewOrder {
  readonly item: string
  readonly cents: number
}

/** The payloads of the service's jobs, by name. */
export interface ShopJobs {
  readonly 'invoice.send': { readonly orderId: string }
}

/** Background work: each order gets one invoice, however often the job is tried. */
export function shopJobs(database: Database): DatabaseJobs<ShopJobs> {
  return createJobs<ShopJobs>({
    database,
    handlers: {
      'invoice.send': (job: Job<{ readonly orderId: string }>, context: JobContext) =>
        context.completeWith(async (tx) => {
          const number = 'select coalesce(max(number), 0) + 1 from invoices'
          await tx.query(`insert into invoices select $1, (${number})`, [job.payload.orderId])
        }),
    },
  })
}

/** Saves an order and the job that follows from it: both, or neither. */
export async function placeOrder(database: Database, jobs: DatabaseJobs<ShopJobs>, order: NewOrder): Promise<string> {
  const id = createId()
  await database.transaction(async (tx) => {
    await tx.query('insert into orders values ($1, $2, $3, $4)', [id, order.item, order.cents, new Date()])
    await jobs.enqueue('invoice.send', { orderId: id }, { tx, key: id })
  })
  return id
}

/** An order with its invoice's number, once it has one. */
export async function findOrder(database: Database, id: string): Promise<object | undefined> {
  const { rows } = await database.query(
    'select id, item, cents, number as invoice from orders left join invoices on order_id = id where id = $1',
    [id],
  )
  return rows[0]
}
