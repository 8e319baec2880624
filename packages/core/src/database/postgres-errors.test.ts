import { describe, expect, it } from 'vitest'
import { databaseErrors } from './errors.ts'
import { isConnectionLost, mapPostgresError } from './postgres-errors.ts'

const failure = (code: string | undefined, message = 'said the server'): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code })

describe('mapPostgresError', () => {
  it.each([
    ['23505', 'CORE_DATABASE_CONFLICT', false],
    ['23503', 'CORE_DATABASE_CONSTRAINT', false],
    ['23P01', 'CORE_DATABASE_CONSTRAINT', false],
    ['23000', 'CORE_DATABASE_CONSTRAINT', false],
    ['40001', 'CORE_DATABASE_SERIALIZATION', true],
    ['40P01', 'CORE_DATABASE_SERIALIZATION', true],
    ['55P03', 'CORE_DATABASE_BUSY', true],
    ['53300', 'CORE_DATABASE_BUSY', true],
    ['57014', 'CORE_DATABASE_TIMEOUT', true],
    ['53100', 'CORE_DATABASE_FULL', false],
    ['25006', 'CORE_DATABASE_READONLY', false],
    ['28P01', 'CORE_DATABASE_ACCESS', false],
    ['28000', 'CORE_DATABASE_ACCESS', false],
    ['42501', 'CORE_DATABASE_ACCESS', false],
    ['3D000', 'CORE_DATABASE_MISSING', false],
    ['42601', 'CORE_DATABASE_STATEMENT', false],
    ['57P01', 'CORE_DATABASE_CONNECTION_LOST', true],
    ['ECONNRESET', 'CORE_DATABASE_CONNECTION_LOST', true],
    ['08006', 'CORE_DATABASE_CONNECTION_LOST', true],
    ['ECONNREFUSED', 'CORE_DATABASE_UNREACHABLE', true],
  ])('%s is %s', (sqlState, code, retryable) => {
    const cause = failure(sqlState)
    expect(mapPostgresError(cause, 'transaction', 'db:5432/app')).toMatchObject({
      code,
      retryable,
      cause,
      details: { sqlState, target: 'db:5432/app' },
    })
  })

  it('a broken connection means something else in every phase', () => {
    const lost = failure(undefined, 'Connection terminated unexpectedly')
    const codes = (['connect', 'read', 'transaction', 'write', 'commit'] as const).map(
      (phase) => mapPostgresError(lost, phase, 'app').code,
    )
    expect(codes).toEqual([
      'CORE_DATABASE_UNREACHABLE',
      'CORE_DATABASE_CONNECTION_LOST',
      'CORE_DATABASE_CONNECTION_LOST',
      'CORE_DATABASE_OUTCOME_UNKNOWN',
      'CORE_DATABASE_OUTCOME_UNKNOWN',
    ])
  })

  it('knows the errors of pg that have no code', () => {
    const codeOf = (message: string): string => mapPostgresError(failure(undefined, message), 'connect', 'app').code
    expect(codeOf('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string')).toBe('CORE_DATABASE_ACCESS')
    expect(codeOf('timeout exceeded when trying to connect')).toBe('CORE_DATABASE_BUSY')
    expect(codeOf('something else')).toBe('CORE_DATABASE_STATEMENT')
  })

  it('joins the reasons of every address that was tried', () => {
    const cause = Object.assign(
      new AggregateError([failure('ECONNREFUSED', 'connect ::1'), failure('x', 'connect 127.0.0.1')]),
      {
        code: 'ECONNREFUSED',
      },
    )
    expect(mapPostgresError(cause, 'connect', 'app').message).toContain('connect ::1, connect 127.0.0.1')
  })

  it('drops an error that carries the connection URL', () => {
    const error = mapPostgresError(
      Object.assign(failure('ERR_INVALID_URL'), { input: 'postgres://app:hunter2@' }),
      'connect',
      'app',
    )
    expect(error.code).toBe('CORE_DATABASE_OPTIONS')
    expect(error.cause).toBeUndefined()
  })

  it('names a constraint by its table and column when it has no name', () => {
    const cause = Object.assign(failure('23502'), { table: 'orders', column: 'cents' })
    expect(mapPostgresError(cause, 'write', 'app').details).toMatchObject({
      kind: 'not-null',
      constraint: 'orders.cents',
    })
    expect(mapPostgresError(failure('23502'), 'write', 'app').details).toMatchObject({ constraint: 'not-null' })
  })

  it('takes anything, and leaves ours alone', () => {
    expect(mapPostgresError('odd', 'read', 'app')).toMatchObject({ code: 'CORE_DATABASE_STATEMENT' })
    const ours = databaseErrors.CORE_DATABASE_CLOSED()
    expect(mapPostgresError(ours, 'read', 'app')).toBe(ours)
  })
})

describe('isConnectionLost', () => {
  it('tells which errors make a connection useless', () => {
    expect(isConnectionLost(mapPostgresError(failure('57P01'), 'read', 'app'))).toBe(true)
    expect(isConnectionLost(mapPostgresError(failure('57P01'), 'commit', 'app'))).toBe(true)
    expect(isConnectionLost(mapPostgresError(failure('23505'), 'read', 'app'))).toBe(false)
    expect(isConnectionLost(failure('57P01'))).toBe(false)
  })
})
