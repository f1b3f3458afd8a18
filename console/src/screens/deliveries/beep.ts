let audio: AudioContext | undefined;

/** One high tone for right, two low ones for wrong, because a user who scans looks at parcels, not at the screen. */
export function beep(right: boolean): void {
  audio ??= new AudioContext();
  const tones = right
    ? [[0, 1_200]]
    : [
        [0, 260],
        [0.18, 200],
      ];
  for (const [at = 0, tone = 0] of tones) {
    const oscillator = audio.createOscillator();
    oscillator.frequency.value = tone;
    oscillator.connect(audio.destination);
    oscillator.start(audio.currentTime + at);
    oscillator.stop(audio.currentTime + at + 0.12);
  }
}
