import { backMark, multipliers } from '../files/fingerprint.ts'
import { longestName } from '../files/row-tuples.ts'

/** The temporary tables of one side; `"C"` compares names byte for byte. */
export function createRows(table: string): string {
  return `create temp table ${table} (id text, key text collate "C" not null, amount numeric, currency text, day integer,
    grouped text not null, note text not null, back boolean) on commit drop`
}

/** The names that exactly one row of either side has, with equal amounts. */
export const createPairs = `create temp table exprsn_pairs on commit drop as
  select o.key, o.back, o.currency, o.amount
  from (${once('exprsn_ours')}) as o
  join (${once('exprsn_gateway')}) as g using (key, back, currency, amount)`

function once(table: string): string {
  // Of one row, the least is its own.
  return `select key, back, min(amount) as amount, min(currency) as currency from ${table}
    where key <> '' and octet_length(key) <= ${longestName} group by key, back having count(*) = 1`
}

/** Pairs and their sums by currency. */
export const pairsByCurrency = `select currency, count(*)::text as pairs, trunc(sum(amount))::text as sum
  from exprsn_pairs group by currency`

/** The rows that no pair has. */
export function restOf(table: string): string {
  return `select r.id, r.key, r.grouped, r.note, trunc(r.amount)::text as amount, r.currency, r.day from ${table} as r
    where not exists (select from exprsn_pairs as p where p.key = r.key and p.back = r.back)`
}

const mask = 4_294_967_295

/** How many rows there are, their newest day and their part of the fingerprint, as `addToFingerprint` computes it. */
export function totalsOf(table: string, isOurs: boolean): string {
  const [first, second] = multipliers
  const day = isOurs ? 'day::bigint' : '(~day)::bigint'
  return `select count(*)::text as rows, coalesce(max(day), 0) as newest,
      (coalesce(sum(mixed), 0) % ${mask + 1})::text as first,
      (coalesce(sum(((mixed # (mixed >> 15)) * ${second}) & ${mask}), 0) % ${mask + 1})::text as second
    from (
      select day, (((hashed * ${first}) & ${mask}) # (${day} & ${mask})) as mixed
      from (
        select day, ((hashtext(key)::bigint # case when back then ${backMark} else 0 end) # amount::bigint) & ${mask}
          as hashed
        from ${table}
      ) as hashes
    ) as mixes`
}

/** A row that cannot be reconciled, and why. */
export function firstInvalid(table: string): string {
  return `select coalesce(id, '') as id, case
      when id is null then 'id' when currency is null then 'currency' when day is null or day < 0 then 'date'
      else 'amount' end as field
    from ${table}
    where id is null or currency is null or day is null or day < 0 or amount is null or amount <> trunc(amount)
      or abs(amount) > ${Number.MAX_SAFE_INTEGER}
    order by id nulls first limit 1`
}
