import { phoneNumber, splitPhones } from '../phone.ts';

/** A mobile number, or a 050 number (안심번호) behind which there is one; a land line gets no message. */
const USABLE = /^(01[016789]\d{7,8}|050\d{8,9})$/;

/** The first number of a field that can get a message, in digits; undefined = there is none. */
export const mobileIn = (field: string): string | undefined =>
  splitPhones(field)
    .filter((_, at) => at % 2 === 1)
    .map(phoneNumber)
    .find((number) => USABLE.test(number));
