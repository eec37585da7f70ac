const main = document.getElementById('main');
const answer = await fetch('/health/ready');
const heading = document.createElement('h1');
heading.textContent = `DefectNotifier: ${(await answer.json()).status}`;
main.append(heading);
