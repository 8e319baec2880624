import { describe, expect, it } from 'vitest'
import { redisErrors } from './errors.ts'
import { mapRedisError } from './map-redis-error.ts'

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' })

describe('mapRedisError', () => {
  it.each([
    ['a reply that will pass', reply('LOADING Redis is loading the dataset in memory'), 'CORE_REDIS_UNAVAILABLE'],
    ['a replica', reply("READONLY You can't write against a read only replica."), 'CORE_REDIS_UNAVAILABLE'],
    ['no memory', reply('OOM command not allowed'), 'CORE_REDIS_UNAVAILABLE'],
    ['a wrong password', reply('WRONGPASS invalid username-password pair'), 'CORE_REDIS_COMMAND'],
    ['another type', reply('WRONGTYPE Operation against a key'), 'CORE_REDIS_COMMAND'],
    ['no connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'CORE_REDIS_UNAVAILABLE'],
    ['a closed connection', new Error('Connection is closed.'), 'CORE_REDIS_UNAVAILABLE'],
    ['what is no error', 'text', 'CORE_REDIS_UNAVAILABLE'],
  ])('%s', (_, error, code) => {
    expect(mapRedisError(error)).toMatchObject({ code, cause: error })
  })

  it('leaves ours as they are', () => {
    const error = redisErrors.CORE_REDIS_CLOSED()
    expect(mapRedisError(error)).toBe(error)
  })
})
