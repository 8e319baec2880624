import { asTransaction, forgetSome } from '../ledger/planted-bugs.ts'
import type { LedgerPlant } from '../ledger/simulate-ledger.ts'

const change = (find: string | RegExp, put: string): LedgerPlant => ({ sql: (text) => text.replace(find, put) })

/** Each is found by the seeds of the test. */
export const plantedBugs: Readonly<Record<string, LedgerPlant>> = {
  'what is tied is not found': change(/(select distinct item from \S+) where name in/, '$1 where 1 = 0 and name in'),
  'names of orders tie nothing': change(
    /(select distinct item from \S+) where name in/,
    "$1 where name not like 'k %' and name in",
  ),
  'evidence ties nothing': change(
    /(select distinct item from \S+) where name in/,
    "$1 where name like 'k %' and name in",
  ),
  'matches of before stay': change(/where m\.id in \(select match/, 'where 1 = 0 and m.id in (select match'),
  'parts of a match stay': change(/(delete from \S+match_items\S*) where/, '$1 where 1 = 0 and'),
  'the reason is not written': change('reason = $3', 'reason = coalesce(reason, reason, nullif($3, $3))'),
  'the stage is not written': change('set stage = $2', 'set stage = coalesce(stage, $2)'),
  'candidates are not written': change(
    'candidates = $4',
    'candidates = case when $4 is null then null else candidates end',
  ),
  'items that were decided are unknown': change(
    /(select \* from \S+reconcile_items\S* where) id in/,
    "$1 stage <> 'certain' and id in",
  ),
  'related statements are unknown': change(
    'where name in (select statement',
    'where 1 = 0 and name in (select statement',
  ),
  'entries of the bank keep their reason': change(
    /update (\S+reconcile_items\S*) set stage = (.*) where id = \$1/s,
    "update $1 set stage = $2 where id = $1 and id not like 'bank:%'",
  ),
  'a transaction is none': { database: (real) => ({ ...real, transaction: (work) => work(asTransaction(real)) }) },
  'some commits are told and not made': {
    database: (real) => ({ ...real, transaction: (work) => forgetSome(real, work) }),
  },
}
