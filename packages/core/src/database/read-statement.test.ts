import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { readStatement } from './read-statement.ts'

const codeOf = (text: string, dialect: 'sqlite' | 'postgres' = 'sqlite'): unknown => {
  try {
    readStatement(text, dialect)
    return 'fine'
  } catch (error) {
    return (error as { code: unknown }).code
  }
}

describe('readStatement', () => {
  it('rewrites placeholders for SQLite and leaves PostgreSQL’s text as it is', () => {
    const text = `select $1, '$2', "$3", $2 -- $4`
    expect(readStatement(text, 'sqlite')).toMatchObject({ sql: `select ?, '$2', "$3", ? -- $4`, parameters: 2 })
    expect(readStatement(text, 'postgres')).toMatchObject({ sql: text, parameters: 2 })
  })

  it('rewrites every placeholder and nothing else', () => {
    const piece = fc.constantFrom("'$9'", '"$9"', '/* $9 */', '$t$ $9 $t$', 'a$9', '$1', '$2')
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = `select $1, $2, ${pieces.join(' ')}`
        const wanted = `select ?, ?, ${pieces.map((each) => each.replace(/^\$\d$/, '?')).join(' ')}`
        expect(readStatement(text, 'sqlite').sql).toBe(wanted)
      }),
      { numRuns: 200 },
    )
  })

  it('tells which value each placeholder takes, in the order of the text', () => {
    expect(readStatement(`select $2, '$9', $1, $2, $3`, 'sqlite').order).toEqual([2, 1, 2, 3])
    expect(readStatement('select 1', 'sqlite').order).toEqual([])
  })

  it('knows the verb and whether the statement only reads', () => {
    const reads = ['select 1', 'SELECT 1', 'values (1)', 'with a as (select 1) select * from a', '/* x */ select 1']
    const writes = [
      'insert into a values (1)',
      'with a as (select 1) insert into b select * from a',
      'select 1 into a',
      'pragma foreign_keys',
      'create table a (id)',
      'explain analyze delete from a',
    ]
    for (const text of reads) expect(readStatement(text, 'postgres').reads).toBe(true)
    for (const text of writes) expect(readStatement(text, 'postgres').reads).toBe(false)
    expect(readStatement('-- why\nInsert into a values (1)', 'sqlite').verb).toBe('insert')
  })

  it.each(['select ?', 'select ?1', 'select :name', 'select @name', 'select $name'])(
    'refuses SQLite’s own placeholder in %s',
    (text) => expect(codeOf(text)).toBe('CORE_DATABASE_PLACEHOLDER'),
  )

  it('leaves PostgreSQL’s operators and casts alone', () => {
    expect(codeOf("select a ? 'b', c::text, d[1:2]", 'postgres')).toBe('fine')
  })

  it.each(['select $0', 'select $2', 'select $1, $3', 'select $99999999'])('refuses the numbering of %s', (text) => {
    expect(codeOf(text)).toBe('CORE_DATABASE_PLACEHOLDER')
    expect(codeOf(text, 'postgres')).toBe('CORE_DATABASE_PLACEHOLDER')
  })

  it.each(['begin', 'START transaction', 'commit', 'end', 'rollback', 'abort', 'savepoint a', 'release a'])(
    'refuses %s',
    (text) => expect(codeOf(text)).toBe('CORE_DATABASE_TRANSACTION_STATEMENT'),
  )

  it('refuses the first half of a two-phase commit, not a prepared statement', () => {
    expect(codeOf("prepare transaction 'a'", 'postgres')).toBe('CORE_DATABASE_TRANSACTION_STATEMENT')
    expect(codeOf('prepare a as select 1', 'postgres')).toBe('fine')
  })

  it('wants one statement', () => {
    for (const text of ['', ';', 'select 1; select 2']) expect(codeOf(text)).toBe('CORE_DATABASE_STATEMENT_COUNT')
    expect(codeOf('select 1;')).toBe('fine')
  })
})
