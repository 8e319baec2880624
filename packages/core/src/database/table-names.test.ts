import { describe, expect, it } from 'vitest'
import { tableNames } from './table-names.ts'

describe('tableNames', () => {
  it('puts the prefix before, and the schema on PostgreSQL', () => {
    const postgres = tableNames('postgres', { prefix: 'app_', schema: 'ops' })
    expect([postgres.table('jobs'), postgres.index('jobs_due')]).toEqual(['"ops"."app_jobs"', '"app_jobs_due"'])
    const sqlite = tableNames('sqlite', { prefix: 'app_', schema: 'ops' })
    expect([sqlite.table('jobs'), sqlite.index('jobs_due')]).toEqual(['"app_jobs"', '"app_jobs_due"'])
    expect(tableNames('postgres').table('jobs')).toBe('"exprsn_jobs"')
    expect(tableNames('postgres', { prefix: '' }).table('jobs')).toBe('"jobs"')
  })

  it.each(['', 'a b', 'a"b', '9lives', 'naïve'])('refuses the table name "%s"', (name) => {
    expect(() => tableNames('sqlite').table(name)).toThrow(expect.objectContaining({ code: 'CORE_DATABASE_NAME' }))
  })
})
