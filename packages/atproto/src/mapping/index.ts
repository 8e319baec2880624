/**
 * Ready mappings between what hosts usually have and records of the network: blog posts, notes, products, events.
 * Write others with `defineMapping` of `@exprsn/atproto/publish`.
 *
 * @packageDocumentation
 */
export { blogPosts, type BlogPost } from './blog-posts.ts'
export { events, type CalendarEvent } from './events.ts'
export { notes, type Note } from './notes.ts'
export { products, type Product } from './products.ts'
