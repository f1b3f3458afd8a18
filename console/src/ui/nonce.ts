/** Of this page's policy: what puts style elements into the page has to show it. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The scroll lock of Radix' dialogs asks for it by this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
