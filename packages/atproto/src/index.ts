/**
 * AT Protocol cross-posting, verified repositories and sync.
 *
 * @packageDocumentation
 */
export {}
