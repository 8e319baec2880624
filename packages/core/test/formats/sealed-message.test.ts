import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createKeyring } from '../../src/crypto/create-keyring.ts'
import type { KeyringDocument } from '../../src/crypto/keyring-document.ts'
import { localKms } from '../../src/crypto/local-kms.ts'
import { open } from '../../src/crypto/open.ts'

interface SealedMuseum {
  readonly kms: { readonly id: string; readonly secret: string }
  readonly keyring: KeyringDocument
  readonly messages: readonly { readonly context: string; readonly plain: string; readonly sealed: string }[]
}

describe('sealed messages of every released version', () => {
  it.each(['sealed-message-v1'])('%s opens', async (name) => {
    const text = await readFile(new URL(`../fixtures/formats/${name}.json`, import.meta.url), 'utf8')
    const museum = JSON.parse(text) as SealedMuseum
    const keyring = createKeyring({ keys: museum.keyring, kms: localKms({ keys: [museum.kms] }) })
    expect(museum.messages).toHaveLength(3)
    for (const { context, plain, sealed } of museum.messages) {
      const opened = await open(Buffer.from(sealed, 'base64'), { keyring, context })
      expect(Buffer.from(opened).toString('base64')).toBe(plain)
    }
    expect(keyring.keys().map(({ state }) => state)).toEqual(['retired', 'primary'])
  })
})
