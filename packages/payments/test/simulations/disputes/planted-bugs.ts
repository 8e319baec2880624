import { asTransaction, forgetSome } from '../ledger/planted-bugs.ts'
import type { LedgerPlant } from '../ledger/simulate-ledger.ts'

const change = (find: string | RegExp, put: string): LedgerPlant => ({ sql: (text) => text.replace(find, put) })

/** Each is found by the seeds of the test. */
export const plantedBugs: Readonly<Record<string, LedgerPlant>> = {
  'reports are kept as if somebody had looked at them': change('$5, $6, 0) on conflict', '$5, $6, 1) on conflict'),
  'reports are not looked for': change(/(select distinct gateway, reference .* where) taken = 0/s, '$1 taken = 2'),
  'reports of other disputes are taken': change(
    /(where gateway = \$1 and) reference = \$2 and taken = 0/,
    '$1 $$2 is not null and taken = 0',
  ),
  'reports are taken and not joined': change(
    'content = $10 where id',
    'content = content || substr($10, 1, 0) where id',
  ),
  'the status is not written': change('status = $4, family', 'status = coalesce(status, $4), family'),
  'commands without an answer are forgotten': change('underway = $8', 'underway = 0 * $8'),
  'nobody is told': change('tell_at = $9', 'tell_at = nullif($9, $9)'),
  'nobody is told of what is new': change(
    /(insert into \S+dispute_cases\S* .* values \(\$1, \$2, \$3, \$4, \$5, \$6, \$7, \$8), \$9/s,
    '$1, nullif($$9, $$9)',
  ),
  'deadlines are not written': change('due_by = $7', 'due_by = coalesce(due_by, 0 * $7)'),
  'what happened is not written down': change(
    /insert into \S+dispute_events\S* .*/s,
    'select $1, $2, $3, $4, $5, $6, $7, $8',
  ),
  'a command without an answer is sent again under its key': change(
    'set status = $2, result = $3',
    "set status = case when $2 = 'unknown' then 'done' else $2 end, result = $3",
  ),
  'commands are never looked up': change(
    "where status in ('ready', 'sent', 'unknown') and due_at",
    "where status in ('ready') and due_at",
  ),
  'later rounds do not move the books': change(
    /update (\S+payment_transfers\S*) set payment = \$4, state = \$5, amount = \$6, key = \$7, record = \$8/,
    'update $1 set payment = $$4, state = $$5, amount = $$6, key = $$7, record = record || substr($$8, 1, 0)',
  ),
  'a transaction is none': { database: (real) => ({ ...real, transaction: (work) => work(asTransaction(real)) }) },
  'some commits are told and not made': {
    database: (real) => ({ ...real, transaction: (work) => forgetSome(real, work) }),
  },
}
