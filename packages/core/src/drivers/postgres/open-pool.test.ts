import { describe, expect, it } from 'vitest'
import { describeTarget } from './open-pool.ts'

describe('describeTarget', () => {
  it.each([
    [{}, 'localhost:5432/'],
    [{ host: 'db', port: 6000, database: 'app', password: 'hunter2' }, 'db:6000/app'],
    ['postgres://app:hunter2@db:6000/app?sslmode=require', 'db:6000/app'],
    ['postgresql://db/app', 'db/app'],
    ['postgres://app:hunter2@/app?host=/run/postgresql', '/run/postgresql/app'],
    ['/run/postgresql app', '/run/postgresql app'],
  ])('%j leads to %s', (connection, target) => {
    expect(describeTarget(connection)).toBe(target)
  })

  it.each(['', 'db', 'postgres://app:hunter2@local host/app'])('refuses "%s"', (connection) => {
    expect(() => describeTarget(connection)).toThrow(
      expect.objectContaining({ code: 'CORE_DATABASE_OPTIONS', message: expect.not.stringContaining('hunter2') }),
    )
  })
})
