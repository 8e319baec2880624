import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { splitStatements, type SqlStatement } from './split-statements.ts'

const texts = (statements: readonly SqlStatement[]): string[] => statements.map(({ text }) => text)

describe('splitStatements', () => {
  it('splits at semicolons and tells the line', () => {
    expect(splitStatements('-- first\nselect 1;\n\n  select 2 -- last\n;;', 'sqlite')).toEqual([
      { text: 'select 1', line: 2 },
      { text: 'select 2', line: 4 },
    ])
  })

  it('gives nothing for nothing', () => {
    expect(splitStatements(' ;; /* ; */ -- ;', 'postgres')).toEqual([])
  })

  it('keeps semicolons inside quotes, comments, dollar quotes and parentheses', () => {
    const statements = [
      `insert into a values (';', "b;c") /* ; */`,
      `create function f() returns text language sql as $body$ select ';'; $body$`,
      'create rule r as on insert to a do also (delete from b; delete from c)',
    ]
    expect(texts(splitStatements(statements.join(';\n'), 'postgres'))).toEqual([
      statements[0]!.replace(' /* ; */', ''),
      ...statements.slice(1),
    ])
  })

  it('keeps a trigger’s body together', () => {
    const trigger = `create temp trigger t after insert on a begin
      update a set n = case when n > 1 then 2 else 3 end;
      delete from b;
    end`
    for (const text of [trigger, trigger.replace('temp ', ''), trigger.replace('create', 'CREATE')])
      expect(texts(splitStatements(`select 1; ${text}; select 2`, 'sqlite'))).toEqual(['select 1', text, 'select 2'])
  })

  it('does not take every statement that names a trigger for one', () => {
    expect(texts(splitStatements('drop trigger t; create table trigger_log (id); select 1', 'sqlite'))).toHaveLength(3)
  })

  it('keeps a PostgreSQL routine body together', () => {
    const routine = `create or replace function f(n int) returns int language sql begin atomic
      select case when n > 0 then 1 else 2 end;
      select 3;
    end`
    expect(texts(splitStatements(`${routine}; select 4`, 'postgres'))).toEqual([routine, 'select 4'])
    expect(texts(splitStatements(`${routine.replace('function', 'procedure')}; select 4`, 'postgres'))).toHaveLength(2)
  })

  it('finds as many statements as were joined', () => {
    const statement = fc.constantFrom("select ';'", 'select 1', 'delete from "a;b"', 'update a set b = (select 2)')
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        for (const dialect of ['sqlite', 'postgres'] as const)
          expect(texts(splitStatements(statements.join(';\n'), dialect))).toEqual(statements)
      }),
      { numRuns: 200 },
    )
  })
})
