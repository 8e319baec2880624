import { describe, expect, it } from 'vitest'
import { postgresErrors } from './errors.ts'
import { postgresFault } from './fault.ts'

const name = { server: 'db:5432', user: 'backup' }
const fromServer = (code: string, message: string) => Object.assign(new Error(message), { code, severity: 'FATAL' })
const fromSystem = (code: string, message = code) => Object.assign(new Error(message), { code })

describe('postgresFault', () => {
  it.each([
    ['LOGIN_REFUSED', fromServer('28P01', 'password authentication failed for user "backup"')],
    ['LOGIN_REFUSED', new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string')],
    ['NOT_ALLOWED', fromServer('28000', 'no pg_hba.conf entry for replication connection')],
    ['DATABASE_UNKNOWN', fromServer('3D000', 'database "x" does not exist')],
    ['NO_REPLICATION', fromServer('42501', 'must be superuser or replication role to start walsender')],
    ['SLOT_MISSING', fromServer('42704', 'replication slot "x" does not exist')],
    ['NO_FREE_SENDER', fromServer('53300', 'exceeds max_wal_senders (currently 10)')],
    ['WAL_LEVEL', fromServer('53300', 'exceeds max_wal_senders (currently 0)')],
    ['WAL_LEVEL', fromServer('55000', 'WAL level not sufficient for making an online backup')],
    ['NO_FREE_SLOT', fromServer('53400', 'all replication slots are in use')],
    ['SLOT_ACTIVE', fromServer('55006', 'replication slot "x" is active for PID 7')],
    ['STARTING', fromServer('57P03', 'the database system is starting up')],
    ['CONNECTION_LOST', fromServer('57P01', 'terminating connection due to administrator command')],
    ['WAL_REMOVED', fromServer('58P01', 'requested WAL segment 0001 has already been removed')],
    ['LOCALE_MISSING', fromServer('22023', 'database locale is incompatible with operating system')],
    ['EXTENSION_MISSING', fromServer('58P01', 'could not access file "$libdir/postgis-3": No such file or directory')],
    ['EXTENSION_MISSING', fromServer('0A000', 'extension "postgis" is not available')],
    ['REFUSED', fromServer('42601', 'syntax error')],
    ['UNREACHABLE', fromSystem('ECONNREFUSED')],
    ['UNREACHABLE', fromSystem('ENOENT')],
    ['UNREACHABLE', new AggregateError([fromSystem('ECONNREFUSED', 'connect ECONNREFUSED ::1')], 'all failed')],
    ['UNREACHABLE', new Error('timeout expired')],
    ['CONNECTION_LOST', new Error('Connection terminated unexpectedly')],
    ['CONNECTION_LOST', fromSystem('ECONNRESET')],
    ['REFUSED', 'just text'],
    ['REFUSED', null],
    ['REFUSED', {}],
  ])('gives BACKUP_POSTGRES_%s', (code, error) => {
    const fault = postgresFault(error, name)
    expect(fault.code).toBe(`BACKUP_POSTGRES_${code}`)
    expect(fault.message).toContain('db:5432')
    expect(fault.cause).toBe(error)
    expect(fault.help).toBeTruthy()
  })

  it('keeps the SQLSTATE and leaves our own errors alone', () => {
    expect(postgresFault(fromServer('42601', 'syntax error.'), name)).toMatchObject({
      details: { sqlState: '42601', reason: 'syntax error' },
    })
    const own = postgresErrors.BACKUP_POSTGRES_PROTOCOL({ reason: 'x' })
    expect(postgresFault(own, name)).toBe(own)
  })
})
