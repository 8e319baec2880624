import { describe, expect, it } from 'vitest'
import { returnsRows } from './returns-rows.ts'

describe('returnsRows', () => {
  it.each([
    'select 1',
    '(select 1) union (select 2)',
    'VALUES (1)',
    'table notes',
    'show server_version',
    'insert into notes values (1) returning id',
    'with a as (select 1) select * from a',
    'with a as (delete from notes returning id) select * from a',
    'with a (insert) as (select 1) delete from notes returning id',
    '-- first\nupdate notes set a = 1 /* then */ Returning *',
  ])('%s gives rows', (sql) => {
    expect(returnsRows(sql)).toBe(true)
  })

  it.each([
    'insert into notes select 1',
    "update notes set body = 'returning'",
    'update notes set "returning" = 1',
    'with a as (select 1) insert into notes select * from a',
    'with a as (delete from notes returning id) update notes set b = 1',
    'create table a (id bigint)',
    'delete from notes where id in (select 1)',
    '',
  ])('%s gives none', (sql) => {
    expect(returnsRows(sql)).toBe(false)
  })
})
